/** RDD callbacks as annotated methods of any object. */
package dev.buzon.spark.annotations;
