package org.mien.data.protocol;

import java.nio.file.Path;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/**
 * Cross-Age LFW (T. Zheng, W. Deng, J. Hu: Cross-Age LFW, arXiv:1708.08197). See {@link
 * TwoLinePairs} for the file and its folds.
 *
 * @param file {@code pairs_CALFW.txt}
 */
@TypeName("calfw")
public record CalfwConfig(@Setting("pairs_CALFW.txt.") Path file) implements PairFilesConfig {
  @Override
  public PairList open() {
    return TwoLinePairs.read("calfw", file);
  }
}
