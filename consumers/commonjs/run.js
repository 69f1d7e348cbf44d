require('./dist/transfer.js')
  .demonstrate()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
