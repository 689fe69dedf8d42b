package org.mien.model.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Engine;
import org.mien.model.embed.FrozenNetwork;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.graph.FaceGraph;
import org.mien.model.head.HeadGraph;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.task.ModelTask;

/**
 * A face model: a frozen backbone from images to features, and a head from features to embeddings
 * and, where it was kept, a classifier of the identities it was trained on.
 *
 * <p>The backbone is a graph of Deeplearning4j, then backbone and head are one joined graph, and an
 * {@link Engine} is chosen for the backbone; or an ONNX network that runs on ONNX Runtime, then the
 * head is a graph of its own; or an ONNX network whose vectors are the embeddings already, then
 * there is no head.
 *
 * <p>A model is a snapshot: graphs passed in may be trained on. It may be used by several threads.
 */
public final class FaceModel implements AutoCloseable {
  static final String DESCRIPTOR = "mien.yaml";
  static final String BACKBONE = "backbone.onnx";
  private static final long MOST_DESCRIPTOR_BYTES = 1 << 20;

  private final ModelDescriptor descriptor;
  private final Optional<ComputationGraph> graph;
  private final Optional<ComputationGraph> head;
  private final Optional<Supplier<OnnxModelFile>> onnx;
  private final Embedder backbone;
  private final Optional<HeadRunner> runner;
  private final Embedder embedder;

  private FaceModel(
      ModelDescriptor descriptor,
      Optional<ComputationGraph> graph,
      Optional<ComputationGraph> head,
      Optional<Supplier<OnnxModelFile>> onnx,
      Embedder backbone) {
    this.descriptor = descriptor;
    this.graph = graph;
    this.head = head;
    this.onnx = onnx;
    this.backbone = backbone;
    try {
      this.runner = head.map(network -> new HeadRunner(network, backbone.dimension()));
      this.embedder =
          runner.<Embedder>map(run -> new HeadedEmbedder(backbone, run, false)).orElse(backbone);
      check();
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  private void check() {
    if (embedder.dimension() != descriptor.dimension()) {
      throw new DataException(
          String.format(
              "model %s: its descriptor says embeddings of %d numbers, the network gives %d",
              descriptor.name(), descriptor.dimension(), embedder.dimension()));
    }
    int outputs =
        runner
            .filter(HeadRunner::classifies)
            .map(run -> run.predictions(new float[backbone.dimension()], 1).length)
            .orElse(0);
    int named = descriptor.classifierIdentities().size();
    if (named != 0 && named != outputs) {
      throw new DataException(
          String.format(
              "model %s: its descriptor names %d identities, its classifier has %d outputs",
              descriptor.name(), named, outputs));
    }
    runner.ifPresent(this::checkTasks);
  }

  private void checkTasks(HeadRunner run) {
    List<String> named = tasks().stream().map(ModelTask::name).toList();
    if (!named.equals(run.tasks())) {
      throw new DataException(
          String.format(
              "model %s: its descriptor names the tasks %s, its network has %s",
              descriptor.name(), named, run.tasks()));
    }
    if (named.isEmpty()) {
      return;
    }
    Map<String, float[]> outputs = run.taskOutputs(new float[backbone.dimension()], 1);
    for (ModelTask task : tasks()) {
      if (outputs.get(task.name()).length != task.outputs()) {
        throw new DataException(
            String.format(
                "model %s: its descriptor says %d outputs of the task %s, the network has %d",
                descriptor.name(), task.outputs(), task.name(), outputs.get(task.name()).length));
      }
    }
  }

  /** As the other, on the engine that is faster, with every processor. */
  public static FaceModel ofGraph(
      ModelDescriptor descriptor, ComputationGraph backbone, ComputationGraph head) {
    return ofGraph(descriptor, backbone, head, Engine.AUTO, OnnxEmbedder.Options.defaults());
  }

  /**
   * A model whose backbone is a graph of Deeplearning4j.
   *
   * @param backbone one input, one output {@code (batch, features)}
   * @param head made by {@link HeadGraph}
   * @param engine what runs the backbone
   * @param options how ONNX Runtime runs it
   */
  public static FaceModel ofGraph(
      ModelDescriptor descriptor,
      ComputationGraph backbone,
      ComputationGraph head,
      Engine engine,
      OnnxEmbedder.Options options) {
    String features = backbone.getConfiguration().getNetworkOutputs().get(0);
    return ofJoinedGraph(
        starting(descriptor, features), FaceGraph.join(backbone, head), engine, options);
  }

  /**
   * A model whose backbone is a graph of Deeplearning4j that is open already.
   *
   * @param backbone one input, one output {@code (batch, features)}
   * @param opened runs that very backbone; it is closed with the model
   * @param head made by {@link HeadGraph}
   */
  public static FaceModel ofGraph(
      ModelDescriptor descriptor,
      ComputationGraph backbone,
      Embedder opened,
      ComputationGraph head) {
    String features = backbone.getConfiguration().getNetworkOutputs().get(0);
    ComputationGraph joined = FaceGraph.join(backbone, head);
    return new FaceModel(
        starting(descriptor, features),
        Optional.of(joined),
        Optional.of(HeadOfGraph.of(joined, features)),
        Optional.empty(),
        opened);
  }

  private static ModelDescriptor starting(ModelDescriptor descriptor, String features) {
    return descriptor.withWeights(Optional.empty(), Optional.empty(), Optional.of(features));
  }

  /** As the other, on the engine that is faster, with every processor. */
  public static FaceModel ofJoinedGraph(ModelDescriptor descriptor, ComputationGraph joined) {
    return ofJoinedGraph(descriptor, joined, Engine.AUTO, OnnxEmbedder.Options.defaults());
  }

  /**
   * A model that is one graph already.
   *
   * @param descriptor names the vertex that the head starts from as {@code features}
   * @param joined from images to {@value HeadGraph#EMBEDDING} and, if it has one, {@value
   *     HeadGraph#CLASSIFIER}
   * @param engine what runs the backbone
   * @param options how ONNX Runtime runs it
   */
  public static FaceModel ofJoinedGraph(
      ModelDescriptor descriptor,
      ComputationGraph joined,
      Engine engine,
      OnnxEmbedder.Options options) {
    String features =
        descriptor
            .features()
            .orElseThrow(
                () ->
                    new DataException(
                        "model "
                            + descriptor.name()
                            + ": expected the name of the vertex that the head starts from as"
                            + " features"));
    for (String vertex : List.of(features, HeadGraph.EMBEDDING)) {
      if (!joined.getConfiguration().getVertices().containsKey(vertex)) {
        throw new DataException(
            "model "
                + descriptor.name()
                + ": its graph has no vertex "
                + vertex
                + "; it has "
                + String.join(", ", joined.getConfiguration().getVertices().keySet()));
      }
    }
    ComputationGraph copy = joined.clone();
    Embedder backbone =
        FrozenNetwork.open(copy, features, descriptor.preprocessing(), engine, options);
    return new FaceModel(
        descriptor,
        Optional.of(copy),
        Optional.of(HeadOfGraph.of(copy, features)),
        Optional.empty(),
        backbone);
  }

  /**
   * A model whose backbone is an ONNX file.
   *
   * @param descriptor its {@code output} chooses among several; its {@code sha256}, where given, is
   *     that of the file
   * @param backbone is read again when the model is saved or exported
   * @param head made by {@link HeadGraph}; nothing if the network's vectors are the embeddings
   * @throws DataException if the file is missing, damaged, or not the one the descriptor means
   */
  public static FaceModel ofOnnx(
      ModelDescriptor descriptor,
      Path backbone,
      Optional<ComputationGraph> head,
      OnnxEmbedder.Options options) {
    return ofOnnx(descriptor, () -> OnnxModelFile.read(backbone), head, options);
  }

  private static FaceModel ofOnnx(
      ModelDescriptor descriptor,
      Supplier<OnnxModelFile> file,
      Optional<ComputationGraph> head,
      OnnxEmbedder.Options options) {
    OnnxModelFile model = file.get();
    if (descriptor.sha256().isPresent() && !descriptor.sha256().get().equals(model.sha256())) {
      throw new DataException(
          String.format(
              "%s: its SHA-256 is %s, the descriptor of %s says %s; one of the two belongs to"
                  + " another model",
              model.name(), model.sha256(), descriptor.name(), descriptor.sha256().get()));
    }
    Optional<String> output = descriptor.output().or(options::output);
    Embedder embedder =
        OnnxEmbedder.of(model, descriptor.preprocessing(), options.withOutput(output));
    Supplier<OnnxModelFile> unchanged =
        () -> {
          OnnxModelFile again = file.get();
          if (!again.sha256().equals(model.sha256())) {
            throw new DataException(again.name() + ": has changed since the model was loaded");
          }
          return again;
        };
    return new FaceModel(
        descriptor.withWeights(Optional.of(model.sha256()), output, Optional.empty()),
        Optional.empty(),
        head.map(ComputationGraph::clone),
        Optional.of(unchanged),
        embedder);
  }

  public ModelDescriptor descriptor() {
    return descriptor;
  }

  /** Images to embeddings. It is closed with the model. */
  public Embedder embedder() {
    return embedder;
  }

  /**
   * Returns this model's embeddings of the features of another embedder, such as the same network
   * on another engine.
   *
   * @param features closed with what is returned, which must be closed before the model
   */
  public Embedder headOn(Embedder features) {
    return runner.<Embedder>map(run -> new HeadedEmbedder(features, run, true)).orElse(features);
  }

  /** Images to features: the backbone alone. It is closed with the model. */
  public Embedder backbone() {
    return backbone;
  }

  /** Backbone and head as one graph, where the backbone is one; callers must not change it. */
  public Optional<ComputationGraph> graph() {
    return graph;
  }

  /** Whether {@link #predict} works: a loss over the embeddings themselves leaves no classifier. */
  public boolean classifies() {
    return runner.filter(HeadRunner::classifies).isPresent();
  }

  /** The head as a graph of its own; callers must not change it. */
  public Optional<ComputationGraph> head() {
    return head;
  }

  /** The backbone's file, where it is an ONNX network, read anew. */
  public Optional<OnnxModelFile> onnxBackbone() {
    return onnx.map(Supplier::get);
  }

  /**
   * Runs the backbone.
   *
   * @param images {@code (count, 3, height, width)} preprocessed pixels
   * @return {@code (count, features)}
   */
  public float[] features(float[] images, int count) {
    return backbone.embed(images, count);
  }

  /**
   * Runs the head up to the embedding; without a head the features are the embeddings.
   *
   * @param features {@code (count, features)}
   * @return {@code (count, dimension)}
   */
  public float[] embeddings(float[] features, int count) {
    return runner
        .map(run -> run.embeddings(features, count))
        .orElseGet(() -> Arrays.copyOf(features, count * backbone.dimension()));
  }

  /**
   * Runs the head with its classifier.
   *
   * @param features {@code (count, features)}
   * @return {@code (count, identities)} as the output layer gives them: probabilities after softmax
   * @throws DataException if the model has no classifier
   */
  public float[] predict(float[] features, int count) {
    return runner
        .filter(HeadRunner::classifies)
        .orElseThrow(
            () ->
                new DataException(
                    "model " + descriptor.name() + " has no classifier; it gives embeddings only"))
        .predictions(features, count);
  }

  /**
   * What the model tells of a face besides its embedding; nothing for an ONNX network alone, whose
   * further outputs are for others to run.
   */
  public List<ModelTask> tasks() {
    return runner.flatMap(run -> descriptor.tasks()).orElse(List.of());
  }

  /**
   * Runs the heads of all tasks.
   *
   * @param features {@code (count, features)}
   * @return by the name of each task of {@link #tasks()}, in their order: {@code (count, outputs)}
   *     as {@link ModelTask.Kind} says
   */
  public Map<String, float[]> predictTasks(float[] features, int count) {
    return runner.map(run -> run.taskOutputs(features, count)).orElse(Map.of());
  }

  /**
   * Writes the model as one zip, replacing the file only when it is complete.
   *
   * @throws DataException if it cannot be written, or the model has no graph of Deeplearning4j
   */
  public void save(Path zip) {
    ComputationGraph network =
        graph
            .or(() -> head)
            .orElseThrow(
                () ->
                    new DataException(
                        "model "
                            + descriptor.name()
                            + " is an ONNX network alone: there is no Deeplearning4j graph to save"));
    byte[] yaml = ConfigWriter.toYaml(descriptor).getBytes(UTF_8);
    if (yaml.length > MOST_DESCRIPTOR_BYTES) {
      throw DataException.in(
          zip,
          String.format(
              "the descriptor with its %d identities comes to %d bytes; at most %d can be read back",
              descriptor.trainingIdentities().size(), yaml.length, MOST_DESCRIPTOR_BYTES));
    }
    AtomicFiles.write(
        zip,
        stream -> {
          ZipOutputStream out = new ZipOutputStream(stream);
          // Weights hardly compress; trying costs more time than all the rest.
          out.setLevel(Deflater.NO_COMPRESSION);
          GraphArchive.write(out, network, false);
          out.putNextEntry(new ZipEntry(DESCRIPTOR));
          out.write(yaml);
          out.closeEntry();
          if (onnx.isPresent()) {
            store(out, BACKBONE, onnx.get().get().bytes());
          }
          out.finish();
        });
  }

  /** Adds an entry as it is, uncompressed: {@code unzip -p} and a hash find the very file. */
  private static void store(ZipOutputStream out, String name, byte[] bytes) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCompressedSize(bytes.length);
    entry.setCrc(sum.getValue());
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }

  /** Writes a zip anew with another descriptor; every other entry keeps its bytes. */
  static void replaceDescriptor(Path zip, byte[] yaml) {
    if (yaml.length > MOST_DESCRIPTOR_BYTES) {
      throw DataException.in(
          zip, "a descriptor of " + yaml.length + " bytes could not be read back");
    }
    try (BoundedZip entries = BoundedZip.open(zip)) {
      AtomicFiles.write(
          zip,
          stream -> {
            ZipOutputStream out = new ZipOutputStream(stream);
            out.setLevel(Deflater.NO_COMPRESSION);
            for (String name : entries.names()) {
              if (name.equals(BACKBONE)) {
                store(out, name, entries.bytes(name, Integer.MAX_VALUE - 8));
                continue;
              }
              out.putNextEntry(new ZipEntry(name));
              if (name.equals(DESCRIPTOR)) {
                out.write(yaml);
              } else {
                entries.stream(name, in -> in.transferTo(out));
              }
              out.closeEntry();
            }
            out.finish();
          });
    }
  }

  /** As {@link #load(Path, OnnxEmbedder.Options)}, with every processor. */
  public static FaceModel load(Path zip) {
    return load(zip, OnnxEmbedder.Options.defaults());
  }

  /** As the other, on the engine that is faster. */
  public static FaceModel load(Path zip, OnnxEmbedder.Options options) {
    return load(zip, Engine.AUTO, options);
  }

  /**
   * Reads a model written by {@link #save}.
   *
   * @param engine what runs a backbone that is a graph of Deeplearning4j
   * @param options how ONNX Runtime runs the backbone
   * @throws ConfigException if ND4J is asked for and the backbone is an ONNX network
   * @throws DataException if the file is missing, damaged, or holds no Mien model
   */
  public static FaceModel load(Path zip, Engine engine, OnnxEmbedder.Options options) {
    try (BoundedZip entries = BoundedZip.open(zip)) {
      if (!entries.has(DESCRIPTOR)) {
        throw DataException.in(
            zip,
            "has no entry "
                + DESCRIPTOR
                + ", so it is no model of Mien's; its entries are "
                + entries.names());
      }
      String yaml = new String(entries.bytes(DESCRIPTOR, MOST_DESCRIPTOR_BYTES), UTF_8);
      ModelDescriptor descriptor = parse(zip, yaml);
      ComputationGraph network = GraphArchive.read(entries, false);
      boolean onOnnx = entries.has(BACKBONE);
      if (onOnnx) {
        requireOnnxRuntime(zip, engine);
      }
      try {
        return onOnnx
            ? ofOnnx(descriptor, () -> backboneIn(zip), Optional.of(network), options)
            : ofJoinedGraph(descriptor, network, engine, options);
      } catch (DataException e) {
        throw DataException.in(zip, e.getMessage(), e);
      } catch (ConfigException | IllegalArgumentException | IllegalStateException e) {
        throw DataException.in(
            zip, "its descriptor and its networks do not fit (" + e.getMessage() + ")", e);
      }
    }
  }

  static void requireOnnxRuntime(Path file, Engine engine) {
    if (engine == Engine.ND4J) {
      throw new ConfigException(
          file
              + ": engine nd4j runs graphs of Deeplearning4j, and this network is an ONNX file;"
              + " expected onnx-runtime or auto");
    }
  }

  private static OnnxModelFile backboneIn(Path zip) {
    try (BoundedZip entries = BoundedZip.open(zip)) {
      return OnnxModelFile.of(
          entries.bytes(BACKBONE, Long.MAX_VALUE), zip.getFileName() + "!" + BACKBONE);
    }
  }

  private static ModelDescriptor parse(Path zip, String yaml) {
    try {
      return ConfigLoader.parse(
              yaml, zip + "!" + DESCRIPTOR, ModelDescriptor.class, List.of(), Map.of())
          .value();
    } catch (ConfigException e) {
      // Nobody wrote this file by hand: it is damaged data, not a wrong configuration.
      throw new DataException(e.getMessage(), e);
    }
  }

  /**
   * A foreign ONNX network whose vectors are the embeddings.
   *
   * @param descriptor a YAML file as {@link ModelDescriptor} says
   * @throws ConfigException if the descriptor is missing, wrong, or does not fit the network
   * @throws DataException if the network is missing, damaged, or not the one of {@code sha256}
   */
  public static FaceModel loadOnnx(Path onnx, Path descriptor, OnnxEmbedder.Options options) {
    ModelDescriptor read =
        ConfigLoader.load(descriptor, ModelDescriptor.class, List.of(), Map.of()).value();
    return ofOnnx(read, onnx, Optional.empty(), options);
  }

  @Override
  public void close() {
    embedder.close();
    backbone.close();
  }
}
