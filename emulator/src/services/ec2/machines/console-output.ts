/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html: the last 64 KB are kept. */
const limit = 65_536;

/** What an instance has printed to its console. */
export class ConsoleOutput {
  private text = '';
  /** Emulated time of the last output. */
  updatedAt: number | undefined;

  constructor(private readonly now: () => number) {}

  write(text: string): void {
    this.text = (this.text + text).slice(-limit);
    this.updatedAt = this.now();
  }

  /** A line of the operating system. */
  say(line: string): void {
    const separator = this.text === '' || this.text.endsWith('\n') ? '' : '\n';
    this.write(`${separator}${line}\n`);
  }

  toString(): string {
    return this.text;
  }
}
