package org.mien.data.protocol;

import java.nio.file.Path;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/**
 * Cross-Pose LFW (T. Zheng, W. Deng: Cross-Pose LFW, Beijing University of Posts and
 * Telecommunications, Tech. Rep. 18-01, 2018). See {@link TwoLinePairs} for the file and its folds.
 *
 * @param file {@code pairs_CPLFW.txt}
 */
@TypeName("cplfw")
public record CplfwConfig(@Setting("pairs_CPLFW.txt.") Path file) implements PairFilesConfig {
  @Override
  public PairList open() {
    return TwoLinePairs.read("cplfw", file);
  }
}
