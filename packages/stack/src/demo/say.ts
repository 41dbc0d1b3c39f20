const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: string, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

let steps = 0;

/** Who does what, as a person would say it. */
export const say = {
  step(who: string, what: string): void {
    steps += 1;
    console.log(`\n${paint('1', `${steps}. ${who}`)} ${what}`);
  },
  fact(text: string): void {
    console.log(`   ${text}`);
  },
  command(text: string): void {
    console.log(`   ${paint('2', `$ ${text}`)}`);
  },
  output(text: string): void {
    for (const line of text.trimEnd().split('\n')) console.log(`   ${line}`);
  },
};
