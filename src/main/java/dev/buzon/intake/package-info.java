/** Which files may be picked up, and what a file is: settled, regular, keyed by content, its text in some encoding. */
package dev.buzon.intake;
