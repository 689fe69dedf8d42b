package org.mien.model.backbone;

import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.preprocessing.Preprocessing;

/**
 * A network that Mien trained itself and ships.
 *
 * @param name its name, such as {@code synthetic-small}
 */
@TypeName("built-in")
public record BuiltInBackboneConfig(
    @Setting(
            value = "Name of a backbone that is shipped with Mien.",
            defaultValue = "synthetic-small")
        String name)
    implements BackboneConfig {
  public BuiltInBackboneConfig {
    // The name becomes part of a resource's path.
    if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException(
          "expected a name of lower-case words joined by hyphens, was " + name);
    }
  }

  /** Empty: the shipped file states it. */
  @Override
  public Optional<Preprocessing> statedInput() {
    return Optional.empty();
  }
}
