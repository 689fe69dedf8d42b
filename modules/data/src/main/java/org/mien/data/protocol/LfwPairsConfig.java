package org.mien.data.protocol;

import java.nio.file.Path;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/** LFW's pairs: {@code pairs.txt} (View 2), {@code pairsDevTrain.txt}, {@code pairsDevTest.txt}. */
@TypeName("lfw-pairs")
public record LfwPairsConfig(
    @Setting("pairs.txt, pairsDevTrain.txt or pairsDevTest.txt.") Path file)
    implements PairFilesConfig {
  @Override
  public PairList open() {
    return LfwPairs.read(file);
  }
}
