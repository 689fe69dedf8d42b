package org.mien.model.export;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that was written, read back and found to be the same model.
 *
 * @param file what was written
 * @param descriptor written beside it, where the file cannot hold it
 * @param sizeBytes size of the file
 * @param sha256 of the file
 * @param parity how far the file's embeddings are from the model's own
 */
public record ExportResult(
    ExportFormat format,
    Path file,
    Optional<Path> descriptor,
    long sizeBytes,
    String sha256,
    Parity parity) {}
