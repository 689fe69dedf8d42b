package org.mien.model.backbone;

import java.util.Optional;
import org.mien.core.preprocessing.Preprocessing;

/** Which network turns an image into features, chosen by {@code type:}. */
public sealed interface BackboneConfig
    permits GraphBackboneConfig, OnnxBackboneConfig, BuiltInBackboneConfig {

  /** Returns the input contract where the configuration states it; else the weights' file does. */
  Optional<Preprocessing> statedInput();
}
