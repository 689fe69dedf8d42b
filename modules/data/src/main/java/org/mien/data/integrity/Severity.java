package org.mien.data.integrity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How much a finding matters. */
public enum Severity {
  /** Results would be wrong or could not be repeated; {@code mien data check} ends with code 3. */
  ERROR,
  /** Results may look better or worse than they are; somebody should look. */
  WARNING,
  /** Worth knowing. */
  NOTE;

  /** The name in JSON and on the screen: {@code error}, {@code warning}, {@code note}. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
