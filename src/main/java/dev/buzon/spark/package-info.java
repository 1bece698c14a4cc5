/**
 * The {@code spark:} component of Camel: the successor, on Camel 4 and Spark 4, of the one that Camel
 * carried until version 3. It knows nothing of Buzón and could be a library of its own.
 */
package dev.buzon.spark;
