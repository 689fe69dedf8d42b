package org.mien.eval.fairness;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.eval.score.ScoredPair;

/**
 * A column that says to which group an image belongs: gender, ethnicity, age band, country.
 *
 * @param name of the column
 * @param keys whether the values are those of identities or of images
 * @param values group by identity or by image name; blank and null values count as missing
 * @param missing what becomes of images without a value
 */
public record Attribute(String name, Keys keys, Map<String, String> values, Missing missing) {
  /** The group of images without a value, under {@link Missing#OWN_GROUP}. */
  public static final String UNKNOWN = "(unknown)";

  /** What the values belong to. */
  public enum Keys {
    /** One value an identity, such as gender. */
    IDENTITY,
    /** One value an image, such as the age band on the day it was taken. */
    IMAGE
  }

  /** What becomes of images without a value. */
  public enum Missing {
    /** They are a group of their own, {@link Attribute#UNKNOWN}. */
    OWN_GROUP,
    /** Pairs with such an image are in no group; they are counted and told. */
    LEFT_OUT
  }

  public Attribute {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("an attribute needs a name");
    }
    if (values.isEmpty()) {
      throw new DataException(
          "attribute " + name + ": expected values by " + keys + ", found none");
    }
    values = Map.copyOf(withoutBlanks(values));
  }

  private static Map<String, String> withoutBlanks(Map<String, String> values) {
    Map<String, String> kept = new HashMap<>();
    values.forEach(
        (key, value) -> {
          if (value != null && !value.isBlank()) {
            kept.put(key, value.strip());
          }
        });
    return kept;
  }

  /**
   * Returns the group of one side of a pair, or nothing where it is to be left out.
   *
   * @param row of the pair, for the error
   * @throws DataException if the pair does not name what the values belong to
   */
  Optional<String> group(ComparedImages images, boolean first, int row) {
    ScoredPair pair = images.pair();
    String key =
        keys == Keys.IDENTITY
            ? (first ? pair.identityA() : pair.identityB())
            : (first ? images.imageA() : images.imageB());
    if (key == null) {
      throw new DataException(
          "pair "
              + row
              + ": attribute "
              + name
              + " has values by "
              + (keys == Keys.IDENTITY ? "identity" : "image")
              + ", but the pair does not name its "
              + (keys == Keys.IDENTITY ? "identities" : "images"));
    }
    String value = values.get(key);
    if (value != null) {
      return Optional.of(value);
    }
    return missing == Missing.OWN_GROUP ? Optional.of(UNKNOWN) : Optional.empty();
  }
}
