package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;

/**
 * The files of identity folders: the bytes of a file's name and 4 more a sample, and a name and 4
 * bytes an identity.
 */
final class FolderSamples extends FaceSamples {
  private final Path folder;
  private final String[] identities;
  private final int[] firsts; // of each identity's samples, and the number of all at the end
  private final StoredTexts files;

  private FolderSamples(Path folder, String[] identities, int[] firsts, StoredTexts files) {
    this.folder = folder;
    this.identities = identities;
    this.firsts = firsts;
    this.files = files;
  }

  /** Collects the files of one identity after the other. */
  static final class Builder {
    private final Path folder;
    private final List<String> identities = new ArrayList<>();
    private final GrowingInts firsts = new GrowingInts();
    private final StoredTexts files = new StoredTexts();

    Builder(Path folder) {
      this.folder = folder;
    }

    /**
     * @param identity name of its folder
     * @param names of its files, at least one
     */
    void add(String identity, List<String> names) {
      identities.add(identity);
      firsts.add(files.size());
      names.forEach(files::add);
    }

    FolderSamples build() {
      firsts.add(files.size());
      return new FolderSamples(
          folder, identities.toArray(String[]::new), firsts.toArray(), files.trimmed());
    }
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public String identity(int index) {
    Objects.checkIndex(index, size());
    int place = Arrays.binarySearch(firsts, index);
    return identities[place >= 0 ? place : -place - 2];
  }

  @Override
  public String key(int index) {
    return identity(index) + "/" + files.get(index);
  }

  @Override
  public FaceSample get(int index) {
    String identity = identity(index);
    String file = files.get(index);
    return new FaceSample(
        identity + "/" + file,
        identity,
        new FileImageSource(folder.resolve(identity).resolve(file)),
        Map.of());
  }
}
