package org.mien.trainer.experiment;

import java.nio.file.Path;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.preprocessing.Crop;

/** A published protocol and where its files lie. */
public sealed interface ProtocolConfig {

  /**
   * LFW View 2: 6,000 pairs in ten folds.
   *
   * @param pairs {@code pairs.txt}
   * @param images folder of {@code Name/Name_0001.jpg}
   * @param crop the part of an image that is the face, where it is not the model's own
   */
  @TypeName("lfw")
  record Lfw(
      @Setting("pairs.txt of LFW.") Path pairs,
      @Setting("Folder of Name/Name_0001.jpg.") Path images,
      @Setting(
              value =
                  "The part of these images that shows the face as the model was trained on it.",
              defaultValue = "{type: none}")
          Crop crop)
      implements ProtocolConfig {}
}
