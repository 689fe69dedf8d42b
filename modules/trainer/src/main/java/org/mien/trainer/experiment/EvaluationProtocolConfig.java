package org.mien.trainer.experiment;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.preprocessing.Crop;
import org.mien.core.random.SeedStreams;
import org.mien.data.align.AlignmentConfig;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.IjbConfig;
import org.mien.data.protocol.MegafaceConfig;
import org.mien.data.protocol.MegafaceList;
import org.mien.data.protocol.MegafaceLists;
import org.mien.data.protocol.PairList;
import org.mien.data.protocol.ProtocolConfig;
import org.mien.data.protocol.TemplateProtocol;
import org.mien.data.source.DatasetConfig;
import org.mien.data.source.FolderConfig;
import org.mien.eval.identification.FewShot;
import org.mien.eval.identification.GalleryFusion;
import org.mien.eval.identification.MegafaceCleaning;
import org.mien.eval.template.MediaPooling;
import org.mien.eval.template.PoolingOptions;
import org.mien.trainer.evaluation.FaceProtocol;
import org.mien.trainer.evaluation.FewShotProtocol;
import org.mien.trainer.evaluation.GallerySearch;
import org.mien.trainer.evaluation.LabelledFaces;
import org.mien.trainer.evaluation.LfwProtocol;
import org.mien.trainer.evaluation.MegafaceProtocol;
import org.mien.trainer.evaluation.PairProtocol;
import org.mien.trainer.evaluation.TemplateComparison;

/**
 * A protocol that a recipe evaluates its model on, by the same code as {@code mien evaluate} and
 * {@code mien megaface}. {@code source}, {@code alignment} and {@code protocol} are those of a data
 * set file.
 */
public sealed interface EvaluationProtocolConfig {

  /** Returns what its figures are called in {@code metrics.json}. */
  String protocolName();

  /**
   * Reads the protocol's files and lists its faces.
   *
   * @param seeds of sources that are made rather than read
   * @param own the crop the model was trained with, for protocols that name none
   * @throws org.mien.core.error.DataException naming the file at fault
   */
  FaceProtocol open(SeedStreams seeds, Crop own);

  /**
   * LFW View 2, 6,000 pairs in ten folds, or View 1.
   *
   * @param pairs {@code pairs.txt} or {@code pairsDevTest.txt}
   * @param images folder of {@code Name/Name_0001.jpg}
   * @param crop the part of an image that is the face, where it is not the model's own
   * @param name in {@code metrics.json}; by default {@code lfw} or {@code lfw-view1}
   */
  @TypeName("lfw")
  record Lfw(
      @Setting("pairs.txt of LFW (View 2), or pairsDevTest.txt (View 1).") Path pairs,
      @Setting("Folder of Name/Name_0001.jpg.") Path images,
      @Setting(
              value =
                  "The part of these images that shows the face as the model was trained on it.",
              defaultValue = "{type: none}")
          Crop crop,
      @Setting("Name of the figures; by default lfw, or lfw-view1 for its pairs.")
          Optional<String> name)
      implements EvaluationProtocolConfig {
    @Override
    public String protocolName() {
      return name.orElse("lfw");
    }

    @Override
    public FaceProtocol open(SeedStreams seeds, Crop own) {
      PairProtocol protocol = new LfwProtocol(pairs, images, crop).toPairs(seeds);
      return name.map(protocol::named).orElse(protocol);
    }
  }

  /**
   * Pairs of images: {@code lfw-pairs}, {@code cfp}, {@code calfw}, {@code cplfw}, {@code
   * agedb-30}, {@code rfw}, {@code bin-pairs} or own {@code pairs}.
   */
  @TypeName("pairs")
  record Pairs(
      @Setting("Name of the figures, such as cfp-fp.") String name,
      @Setting("Where the faces come from.") DatasetConfig source,
      @Setting(
              value = "How faces are brought to where the network expects them.",
              defaultValue = "{type: none}")
          AlignmentConfig alignment,
      @Setting("Which of them are compared: any protocol of pairs.") ProtocolConfig protocol,
      @Setting(
              value =
                  "Attributes of the images, such as gender: error rates of each group at one"
                      + " threshold.",
              defaultValue = "[]")
          List<String> groupBy,
      @Setting(
              "The part of these images that shows the face as the model was trained on it; by"
                  + " default the model's own crop.")
          Optional<Crop> crop)
      implements EvaluationProtocolConfig {
    public Pairs {
      groupBy = List.copyOf(groupBy);
      if (protocol instanceof IjbConfig) {
        throw new IllegalArgumentException(
            "protocol: ijb compares templates of several images; use type: templates");
      }
      if (protocol instanceof MegafaceConfig) {
        throw new IllegalArgumentException(
            "protocol: megaface looks for probes among distractors; use type: megaface");
      }
    }

    @Override
    public String protocolName() {
      return name;
    }

    @Override
    public FaceProtocol open(SeedStreams seeds, Crop own) {
      return PairProtocol.of(
              (PairList) protocol.open(),
              alignment.apply(source.open(seeds)).samples(),
              crop.orElse(own))
          .named(name)
          .splitBy(groupBy, "evaluation.protocols, " + name + ": groupBy");
    }
  }

  /** Templates of several images each: IJB-B and IJB-C, 1:1 and 1:N. */
  @TypeName("templates")
  record Templates(
      @Setting("Name of the figures, such as ijb-c.") String name,
      @Setting("Where the faces come from.") DatasetConfig source,
      @Setting(
              value = "How faces are brought to where the network expects them.",
              defaultValue = "{type: none}")
          AlignmentConfig alignment,
      @Setting("Which templates are compared: ijb.") ProtocolConfig protocol,
      @Setting(
              value = "Whether embeddings keep their length when a template is made of them.",
              defaultValue = "true")
          boolean keepNorm,
      @Setting(
              value = "Whether each embedding counts as the detector's score of its face.",
              defaultValue = "false")
          boolean weighByDetectorScore,
      @Setting(
              value = "How the images of a template become one.",
              defaultValue = "mean-within-medium-then-sum")
          MediaPooling media,
      @Setting(
              "The part of these images that shows the face as the model was trained on it; by"
                  + " default the model's own crop.")
          Optional<Crop> crop)
      implements EvaluationProtocolConfig {
    public Templates {
      if (!(protocol instanceof IjbConfig ijb)) {
        throw new IllegalArgumentException(
            "protocol: expected ijb; pairs of images are type: pairs");
      }
      if (weighByDetectorScore && ijb.points().isEmpty()) {
        throw new IllegalArgumentException(
            "weighByDetectorScore: needs the detector's scores, protocol.points");
      }
    }

    @Override
    public String protocolName() {
      return name;
    }

    @Override
    public FaceProtocol open(SeedStreams seeds, Crop own) {
      return new TemplateComparison(
          name,
          (TemplateProtocol) protocol.open(),
          alignment.apply(source.open(seeds)).samples(),
          new PoolingOptions(keepNorm, weighByDetectorScore, media),
          crop.orElse(own));
    }
  }

  /** Probes that are looked for in a gallery; people it does not hold have to be rejected. */
  @TypeName("gallery")
  record Gallery(
      @Setting("Name of the figures, such as staff.") String name,
      @Setting("Where the probes come from.") DatasetConfig source,
      @Setting(
              value =
                  "How faces are brought to where the network expects them, gallery and probes.",
              defaultValue = "{type: none}")
          AlignmentConfig alignment,
      @Setting("Folder with a folder of images for each person to be found.") Path gallery,
      @Setting(
              value = "How several images of a person in the gallery count.",
              defaultValue = "mean-embedding")
          GalleryFusion fusion,
      @Setting(value = "Whether people who were trained on are left out.", defaultValue = "false")
          boolean leaveOutTrained,
      @Setting(
              "The part of these images that shows the face as the model was trained on it; by"
                  + " default the model's own crop.")
          Optional<Crop> crop)
      implements EvaluationProtocolConfig {
    @Override
    public String protocolName() {
      return name;
    }

    @Override
    public FaceProtocol open(SeedStreams seeds, Crop own) {
      return new GallerySearch(
          name,
          "The images of " + source.name() + " in " + gallery + ".",
          alignment.apply(new FolderConfig(gallery, 1).open(seeds)).samples(),
          alignment.apply(source.open(seeds)).samples(),
          fusion,
          leaveOutTrained,
          crop.orElse(own));
    }
  }

  /**
   * Faces of one side of MegaFace.
   *
   * @param source where they come from
   * @param alignment how they are brought to where the network expects them
   */
  record Faces(
      @Setting("Where the faces come from.") DatasetConfig source,
      @Setting(
              value = "How faces are brought to where the network expects them.",
              defaultValue = "{type: none}")
          AlignmentConfig alignment) {
    FaceSamples open(SeedStreams seeds) {
      return alignment.apply(source.open(seeds)).samples();
    }
  }

  /** MegaFace, on its lists or on those that {@code mien data megaface} wrote. */
  @TypeName("megaface")
  record Megaface(
      @Setting(value = "Name of the figures.", defaultValue = "megaface") String name,
      @Setting("The probes' images.") Faces probes,
      @Setting("The distractors' images.") Faces distractors,
      @Setting("Folder of the lists.") Path lists,
      @Setting(
              value =
                  "What happens to noise: raw keeps it; left-out leaves it out; replaced and zeroed put"
                      + " the person's centre in a probe's place, and make a distractor never similar"
                      + " (replaced) or a zero vector (zeroed).",
              defaultValue = "raw")
          MegafaceCleaning cleaning,
      @Setting("Probes whose labels are wrong, one a line.") Optional<Path> probeNoises,
      @Setting("Distractors that show a probe's person, one a line.")
          Optional<Path> distractorNoises,
      @Setting(
              value = "Whether images that cannot be read are left out and counted.",
              defaultValue = "false")
          boolean leaveOutFailures,
      @Setting(value = "Whether people who were trained on are left out.", defaultValue = "false")
          boolean leaveOutTrained,
      @Setting(
              "The part of these images that shows the face as the model was trained on it; by"
                  + " default the model's own crop.")
          Optional<Crop> crop)
      implements EvaluationProtocolConfig {
    public Megaface {
      if ((probeNoises.isPresent() || distractorNoises.isPresent())
          == (cleaning == MegafaceCleaning.RAW)) {
        throw new IllegalArgumentException(
            "cleaning: every one but raw needs probeNoises or distractorNoises, and these mean"
                + " nothing with raw");
      }
    }

    @Override
    public String protocolName() {
      return name;
    }

    @Override
    public FaceProtocol open(SeedStreams seeds, Crop own) {
      return new MegafaceProtocol(
          name,
          probes.open(seeds),
          distractors.open(seeds),
          MegafaceLists.read(lists),
          cleaning,
          probeNoises.map(MegafaceList::readNoises).orElse(Set.of()),
          distractorNoises.map(MegafaceList::readNoises).orElse(Set.of()),
          leaveOutFailures,
          leaveOutTrained,
          crop.orElse(own));
    }
  }

  /** N-way k-shot classification of people by prototypes. */
  @TypeName("few-shot")
  record FewShots(
      @Setting("Name of the figures, such as few-shot.") String name,
      @Setting("Where the faces come from.") DatasetConfig source,
      @Setting(
              value = "How faces are brought to where the network expects them.",
              defaultValue = "{type: none}")
          AlignmentConfig alignment,
      @Setting(value = "People x images each is known by.", defaultValue = "[5x1, 5x5]")
          List<String> settings,
      @Setting(
              value = "Images asked for of each person in an episode.",
              defaultValue = "5",
              min = 1,
              max = 1000)
          int queries,
      @Setting(value = "Episodes.", defaultValue = "600", min = 2, max = 1_000_000) int episodes,
      @Setting(value = "Whether people who were trained on are left out.", defaultValue = "false")
          boolean leaveOutTrained,
      @Setting(
              "The part of these images that shows the face as the model was trained on it; by"
                  + " default the model's own crop.")
          Optional<Crop> crop)
      implements EvaluationProtocolConfig {
    public FewShots {
      settings = List.copyOf(settings);
      if (settings.isEmpty() || new HashSet<>(settings).size() < settings.size()) {
        throw new IllegalArgumentException(
            "settings: expected at least one such as 5x1, each once, was " + settings);
      }
      settings.forEach(setting -> FewShot.parse(setting, 1, 2));
    }

    @Override
    public String protocolName() {
      return name;
    }

    @Override
    public FaceProtocol open(SeedStreams seeds, Crop own) {
      return new FewShotProtocol(
          name,
          settings.stream().map(setting -> FewShot.parse(setting, queries, episodes)).toList(),
          alignment.apply(source.open(seeds)).samples(),
          leaveOutTrained,
          crop.orElse(own));
    }
  }

  /** What the model's tasks tell of faces, compared with the labels of a data set. */
  @TypeName("labels")
  record Labels(
      @Setting("Name of the figures, which are NAME.TASK.") String name,
      @Setting("Where the faces come from; every one has the label of each task.")
          DatasetConfig source,
      @Setting(
              value = "How faces are brought to where the network expects them.",
              defaultValue = "{type: none}")
          AlignmentConfig alignment,
      @Setting(
              value = "Which of model.tasks; by default those whose attribute the faces have.",
              defaultValue = "[]")
          List<String> tasks,
      @Setting(
              value = "Whether faces without the label are left out and counted.",
              defaultValue = "false")
          boolean leaveOutUnlabelled,
      @Setting(value = "Whether people who were trained on are left out.", defaultValue = "false")
          boolean leaveOutTrained,
      @Setting(
              "The part of these images that shows the face as the model was trained on it; by"
                  + " default the model's own crop.")
          Optional<Crop> crop)
      implements EvaluationProtocolConfig {
    public Labels {
      tasks = List.copyOf(tasks);
    }

    @Override
    public String protocolName() {
      return name;
    }

    @Override
    public FaceProtocol open(SeedStreams seeds, Crop own) {
      return new LabelledFaces(
          name,
          alignment.apply(source.open(seeds)).samples(),
          tasks,
          leaveOutUnlabelled,
          leaveOutTrained,
          crop.orElse(own));
    }
  }
}
