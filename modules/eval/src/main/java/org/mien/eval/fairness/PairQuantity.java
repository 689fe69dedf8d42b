package org.mien.eval.fairness;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mien.core.error.DataException;

/**
 * A number for each pair, by which its difficulty may differ: the age gap, the larger pose, the
 * lower quality.
 *
 * @param name such as {@code ageGapYears}
 * @param values one a pair, in the order of the pairs; NaN where it is not known
 */
public record PairQuantity(String name, List<Double> values) {

  /** How the numbers of two images make one of the pair. */
  public enum Rule {
    /** {@code |a - b|}, as for an age gap. */
    ABSOLUTE_DIFFERENCE,
    /** The lower of both, as for quality: the worse image decides. */
    LOWER,
    /** The higher of both, as for the angle of the pose. */
    HIGHER
  }

  public PairQuantity {
    values = List.copyOf(values);
    for (int row = 0; row < values.size(); row++) {
      if (Double.isInfinite(values.get(row))) {
        throw new DataException(
            "pair " + row + ": expected a finite " + name + ", was " + values.get(row));
      }
    }
  }

  /**
   * Makes the number of each pair from those of its images; unknown where one of them is.
   *
   * @param byImage the number of each image by its name
   * @throws DataException if a pair does not name its images, naming the row from 0
   */
  public static PairQuantity ofImages(
      String name, List<ComparedImages> pairs, Map<String, Double> byImage, Rule rule) {
    List<Double> values = new ArrayList<>(pairs.size());
    for (int row = 0; row < pairs.size(); row++) {
      ComparedImages pair = pairs.get(row);
      if (pair.imageA() == null) {
        throw new DataException(
            "pair " + row + ": " + name + " has values by image, but the pair names no images");
      }
      Double a = byImage.get(pair.imageA());
      Double b = byImage.get(pair.imageB());
      if (a == null || b == null) {
        values.add(Double.NaN);
        continue;
      }
      values.add(
          switch (rule) {
            case ABSOLUTE_DIFFERENCE -> Math.abs(a - b);
            case LOWER -> Math.min(a, b);
            case HIGHER -> Math.max(a, b);
          });
    }
    return new PairQuantity(name, values);
  }
}
