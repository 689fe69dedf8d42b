package org.mien.data.integrity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a set of images is used for. */
public enum SetRole {
  /** A network learns from it. */
  TRAIN,
  /** It chooses an epoch, a threshold, a setting. */
  VALIDATION,
  /** It is reported on, and may show people who were trained on. */
  TEST,
  /** It is reported on and must show people whom nothing was trained on or chosen by. */
  EVALUATION;

  /** The name in JSON and in commands: {@code train}. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a picture in sets of both uses makes a result look better than it is. */
  boolean leaksInto(SetRole other) {
    return this != other && !(reported() && other.reported());
  }

  private boolean reported() {
    return this == TEST || this == EVALUATION;
  }
}
