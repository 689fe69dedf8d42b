package org.mien.eval.report;

/**
 * An exported file and how far its embeddings are from the checkpoint's.
 *
 * @param format such as {@code onnx}
 * @param file its name
 * @param sizeBytes its size, in bytes
 * @param sha256 of its bytes, 64 hexadecimal digits
 * @param imagesCompared how many real images were embedded by both
 * @param largestDifference largest absolute difference of any component of the embeddings
 * @param tolerance the largest difference allowed
 */
public record ExportSection(
    String format,
    String file,
    long sizeBytes,
    String sha256,
    long imagesCompared,
    double largestDifference,
    double tolerance) {
  public ExportSection {
    ReportParts.count("sizeBytes", sizeBytes);
    ReportParts.count("imagesCompared", imagesCompared);
  }

  /** Whether the file answers as the checkpoint does; not so where the difference is NaN. */
  boolean agrees() {
    return imagesCompared > 0 && largestDifference <= tolerance;
  }
}
