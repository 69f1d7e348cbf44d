// Run by `npm ci`, so that the bank's first start is as quick as its others. Without it that start takes longer, and no more.

try {
  const { preparedTemplate } = await import('./pglite-template.mjs');
  await preparedTemplate();
} catch (error) {
  console.warn('The database for the first start of the bank was not prepared:', error);
}
