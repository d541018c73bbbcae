// node duckdb.js SQL...   runs the statements in memory on two threads; prints the last one's rows
const duckdb = require('@duckdb/node-api');
(async () => {
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    threads: '2', temp_directory: process.env.TMPDIR || '.',
  });
  const connection = await instance.connect();
  let reader;
  for (const statement of process.argv.slice(2)) reader = await connection.runAndReadAll(statement);
  const lines = reader.getRows().map((row) => row.join(' '));
  if (lines.length) process.stdout.write(lines.join('\n') + '\n');
})().catch((error) => {
  console.error(String(error).split('\n')[0]);
  process.exit(2);
});
