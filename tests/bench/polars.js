// node polars.js FILE COLUMN   rows whose number in that column (from 0) an earlier row has, counted
const polars = require('nodejs-polars');
try {
  const column = `column_${Number(process.argv[3]) + 1}`;
  const rows = polars.readCSV(process.argv[2], {
    hasHeader: false, inferSchemaLength: 0, columns: [column],
  }).withRowIndex('row').withColumn(polars.col(column).cast(polars.Int64));
  const numbers = rows.filter(rows.getColumn(column).isNotNull());
  const shared = numbers.filter(numbers.getColumn(column).isDuplicated());
  console.log(shared.height - shared.getColumn(column).nUnique());
} catch (error) {
  console.error(String(error).split('\n')[0]);
  process.exit(2);
}
