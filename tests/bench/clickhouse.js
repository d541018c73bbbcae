// node clickhouse.js SQL   runs one statement on two threads; prints its rows
try {
  process.stdout.write(require('chdb').query(`${process.argv[2]} settings max_threads = 2, `
    + 'input_format_csv_allow_variable_number_of_columns = 1', 'TSVRaw'));
} catch (error) {
  console.error(String(error).split('\n')[0]);
  process.exit(2);
}
