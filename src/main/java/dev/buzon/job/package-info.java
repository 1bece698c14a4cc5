/**
 * What a job is handed and what it answers: the API for jobs of one's own. It stays compatible from version to version.
 *
 * <p>A job that works on each file by itself is a {@link dev.buzon.job.FileJob}. One that cuts large files into parts, or
 * looks at all files of a batch at once, is a callback of the {@code spark:} component that is handed {@link
 * dev.buzon.job.InputFile}s and returns an {@link dev.buzon.job.Outcome} for each.
 */
package dev.buzon.job;
