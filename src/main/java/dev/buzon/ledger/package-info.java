/**
 * What became of each file: the schema, the rows, the history, and the ledger as Camel's idempotent repository. Begin
 * with {@link dev.buzon.ledger.Ledger}.
 */
package dev.buzon.ledger;
