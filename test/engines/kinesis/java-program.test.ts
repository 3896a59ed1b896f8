import { Observed } from '../../clients/observed';
import { JavaProgram } from './java-program';

test('who waits for a program that ends is told so, and what it printed last', async () => {
  const lines = new Observed<string>();
  const program = new JavaProgram({
    source: 'KplProducer.java',
    // Without its library it does not compile.
    classPath: '.',
    arguments: [],
    environment: {},
    onLine: (line) => lines.add(line),
    onFailure: (reason) => lines.fail(reason),
  });
  await expect(lines.until(({ length }) => length > 0)).rejects.toThrow(
    /KplProducer.java ended with 1: [\s\S]*software.amazon.kinesis.producer does not exist/,
  );
  await program.kill();
});
