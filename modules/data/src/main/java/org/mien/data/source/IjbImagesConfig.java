package org.mien.data.source;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FaceLocation;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.protocol.IjbConfig;
import org.mien.data.protocol.IjbMembers;
import org.mien.data.protocol.IjbPoints;

/**
 * The loosely cropped images of IJB-B or IJB-C with their five points; about 80 bytes an image are
 * held. Attributes: {@code template}, {@code media} and {@code score}, the detector's.
 *
 * <p>An image's identity is {@code subject 12} where a table of a gallery or of probes says who its
 * template shows, else {@code template 1043}.
 *
 * @param images folder of the images, {@code loose_crop}
 * @param members {@code ijbc_face_tid_mid.txt}
 * @param points {@code ijbc_name_5pts_score.txt}
 * @param tables galleries and probes
 */
@TypeName("ijb")
public record IjbImagesConfig(
    @Setting("Folder of the loosely cropped images, loose_crop.") Path images,
    @Setting("ijbc_face_tid_mid.txt: image, template, medium.") Path members,
    @Setting("ijbc_name_5pts_score.txt: image, five points, detector score.") Path points,
    @Setting(
            value =
                "CSV tables of galleries and probes, with template_id and subject_id, which say who"
                    + " a template shows.",
            defaultValue = "[]")
        List<Path> tables)
    implements DatasetConfig {
  public IjbImagesConfig {
    tables = List.copyOf(tables);
  }

  @Override
  public FaceManifest open(SeedStreams seeds) {
    IjbMembers list = IjbMembers.read(members);
    Set<String> keys = new HashSet<>();
    for (String key : list.keys()) {
      if (!keys.add(key)) {
        throw DataException.in(members, "names the image " + key + " twice");
      }
    }
    return ListedFiles.manifest(
        name(), members, images, new Images(list, IjbPoints.read(points, list), identities(list)));
  }

  /** Returns the identity of each template by its id. */
  private Map<Integer, String> identities(IjbMembers list) {
    Map<Integer, Integer> subjectOf = new HashMap<>();
    for (Path table : tables) {
      IjbConfig.readGallery(table)
          .subjectOf()
          .forEach(
              (template, subject) -> {
                Integer before = subjectOf.putIfAbsent(template, subject);
                if (before != null && !before.equals(subject)) {
                  throw DataException.in(
                      table,
                      "says that template "
                          + template
                          + " shows subject "
                          + subject
                          + "; an earlier table says "
                          + before);
                }
              });
    }
    Map<Integer, String> subjectNames = new HashMap<>();
    Map<Integer, String> identities = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      Integer subject = subjectOf.get(list.template(i));
      identities.computeIfAbsent(
          list.template(i),
          template ->
              subject == null
                  ? "template " + template
                  : subjectNames.computeIfAbsent(subject, id -> "subject " + id));
    }
    return identities;
  }

  @Override
  public String name() {
    return FolderListing.nameOf(images);
  }

  private record Images(IjbMembers members, IjbPoints points, Map<Integer, String> identities)
      implements ListedFiles.Rows {
    @Override
    public List<String> keys() {
      return members.keys();
    }

    @Override
    public String identity(int row) {
      return identities.get(members.template(row));
    }

    @Override
    public Map<String, String> attributes(int row) {
      return Map.of(
          "template", Integer.toString(members.template(row)),
          "media", Integer.toString(members.medium(row)),
          "score", Float.toString(points.score(row)));
    }

    @Override
    public FaceLocation location(int row) {
      return FaceLocation.of(points.points(row));
    }
  }
}
