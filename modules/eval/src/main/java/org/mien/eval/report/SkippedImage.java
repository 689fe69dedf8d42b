package org.mien.eval.report;

/**
 * Something of the data set that could not be used.
 *
 * @param path the file or folder, relative to the data set's root
 * @param reason why, for people
 */
public record SkippedImage(String path, String reason) {}
