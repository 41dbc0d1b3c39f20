/** Says with which seed a failed run can be repeated: the global set-up chose it, in this process. */
export default class SeedReporter {
  onRunStart() {
    console.log(`SEED=${process.env.SEED}`);
  }

  onRunComplete(_contexts, { numFailedTests, numRuntimeErrorTestSuites }) {
    if (numFailedTests + numRuntimeErrorTestSuites > 0)
      console.log(`SEED=${process.env.SEED} in the environment repeats the random choices of this run.`);
  }
}
