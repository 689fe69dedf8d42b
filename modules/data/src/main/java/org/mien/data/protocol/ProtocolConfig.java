package org.mien.data.protocol;

/** A protocol's files, chosen in a data set file by {@code type:}. */
public sealed interface ProtocolConfig
    permits PairFilesConfig, BinPairsConfig, MegafaceConfig, IjbConfig {

  /**
   * Reads the protocol.
   *
   * @throws org.mien.core.error.DataException naming the file and line at fault
   */
  Protocol open();
}
