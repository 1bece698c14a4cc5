/** A sender of files, for trials and for the demo: files of a folder, or made up on the spot. */
package dev.buzon.simulate;
