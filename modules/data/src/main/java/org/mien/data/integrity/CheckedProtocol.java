package org.mien.data.integrity;

import java.util.Optional;
import org.mien.data.descriptor.DatasetDescriptor;
import org.mien.data.protocol.Protocol;

/**
 * A protocol to check.
 *
 * @param protocol any; a {@link org.mien.data.protocol.PairList} is looked at pair by pair
 * @param set name of the {@link CheckedSet} that holds its images; without one only the protocol
 *     itself is checked
 * @param expected what its counts should be, if known
 */
public record CheckedProtocol(
    Protocol protocol, Optional<String> set, Optional<Expected> expected) {

  /**
   * What a protocol should be.
   *
   * @param descriptor of the data set
   * @param protocol its name there, such as {@code pairs.txt}
   */
  public record Expected(DatasetDescriptor descriptor, String protocol) {
    public Expected {
      if (!descriptor.protocols().containsKey(protocol)) {
        throw new IllegalArgumentException(
            "the descriptor " + descriptor.name() + " has no protocol " + protocol);
      }
    }
  }
}
