/** The line-item job: splits each invoice of a file into its line items. */
package dev.buzon.invoice;
