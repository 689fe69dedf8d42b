package org.mien.eval.classification;

/**
 * The figures of one identity.
 *
 * @param identity its index
 * @param name its name
 * @param support images that show it
 * @param predicted images predicted as it
 * @param correct images that show it and are predicted as it
 * @param precision {@code correct / predicted}, 0 where it was never predicted
 * @param recall {@code correct / support}, 0 where it has no image
 * @param f1 {@code 2 correct / (support + predicted)}, 0 where it does not occur
 */
public record IdentityFigures(
    int identity,
    String name,
    int support,
    int predicted,
    int correct,
    double precision,
    double recall,
    double f1) {}
