/** Lets a loop sleep until it is woken. A wake that comes while nobody sleeps is kept for the next one. */
export type Signal = { wake(): void; wait(milliseconds: number): Promise<void> };

export const createSignal = (): Signal => {
  let woken = false;
  let end: (() => void) | null = null;
  return {
    wake() {
      woken = true;
      end?.();
    },
    async wait(milliseconds) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          end = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        end = null;
      }
      woken = false;
    },
  };
};
