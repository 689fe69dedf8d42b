package org.mien.data.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;

/** Samples without pixels: {@code p00/01}, {@code p00/02}, ... */
final class Faces {
  private Faces() {}

  private record NoPixels() implements ImageSource {
    @Override
    public RawImage decode() {
      throw new IllegalStateException("these tests look at no pixels");
    }

    @Override
    public String fingerprint() {
      return "none";
    }
  }

  /** One identity for each number, with that many images. */
  static FaceManifest manifest(List<Integer> images) {
    List<FaceSample> samples = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      String identity = String.format(Locale.ROOT, "p%02d", i);
      for (int k = 1; k <= images.get(i); k++) {
        samples.add(
            new FaceSample(
                String.format(Locale.ROOT, "%s/%02d", identity, k),
                identity,
                new NoPixels(),
                Map.of()));
      }
    }
    return new FaceManifest("faces", samples, List.of());
  }

  static long count(List<FaceSample> samples, String identity) {
    return samples.stream().filter(sample -> sample.identity().equals(identity)).count();
  }

  static List<String> keys(List<FaceSample> samples) {
    return samples.stream().map(FaceSample::key).toList();
  }
}
