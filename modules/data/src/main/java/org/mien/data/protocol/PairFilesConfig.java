package org.mien.data.protocol;

/** Pairs of image files, whose keys are paths in one folder. */
public sealed interface PairFilesConfig extends ProtocolConfig
    permits LfwPairsConfig,
        PairsConfig,
        CfpConfig,
        CalfwConfig,
        CplfwConfig,
        AgeDb30Config,
        RfwConfig {
  @Override
  PairList open();
}
