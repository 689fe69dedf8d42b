package org.mien.data.integrity;

import java.util.Optional;
import org.mien.data.descriptor.DatasetDescriptor;
import org.mien.data.manifest.FaceManifest;

/**
 * A set of images to check.
 *
 * @param name unique in the check; stands before keys where there are several sets
 * @param role what it is used for
 * @param manifest its images
 * @param namesPeople false if every image is an identity of its own because the set names nobody;
 *     then nothing is said about identities
 * @param expected what it should be, if known
 */
public record CheckedSet(
    String name,
    SetRole role,
    FaceManifest manifest,
    boolean namesPeople,
    Optional<Expected> expected) {
  public CheckedSet {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a set to check has no name");
    }
  }

  /** A set of people of which nothing is known beforehand. */
  public static CheckedSet of(SetRole role, FaceManifest manifest) {
    return new CheckedSet(manifest.name(), role, manifest, true, Optional.empty());
  }

  /**
   * What a set should be.
   *
   * @param descriptor of the data set
   * @param part the part of it: {@code complete} or the name of a subset; if not given, any part
   *     with these counts will do
   */
  public record Expected(DatasetDescriptor descriptor, Optional<String> part) {
    public Expected {
      if (part.isPresent() && descriptor.part(part.get()).isEmpty()) {
        throw new IllegalArgumentException(
            "the descriptor " + descriptor.name() + " has no part " + part.get());
      }
    }
  }
}
