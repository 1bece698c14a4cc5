/** Which files may be picked up, and what a file is: settled, regular, keyed by content. */
package dev.buzon.intake;
