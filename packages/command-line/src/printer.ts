/**
 * Prints texts, each with a line end. A reader that has read enough, as of `… | head`, is no error: commander writes a help in
 * several parts, and what follows is lost.
 */
export const printerTo = (stream: NodeJS.WritableStream): ((text: string) => void) => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return (text) => void stream.write(`${text}\n`);
};
