package org.mien.data.manifest;

/**
 * Something a data set holds that could not be used.
 *
 * @param key the file or folder, relative to the data set's root
 * @param reason why, for people
 */
public record Skipped(String key, String reason) {}
