package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.weights.ExpectedTensors;
import org.mien.model.weights.FormulaWeights;
import org.mien.model.weights.StateDictionary;
import org.mien.model.weights.TensorNaming;
import org.mien.model.weights.WeightLoader;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** How the same network's tensors are called in different places. */
class BackboneNamingTest {
  private static final SeResNetPlan TINY_SE = new SeResNetPlan(List.of(16, 32), List.of(2, 1));
  private static final Preprocessing SMALL = Golden.plain(32, 32);

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @Test
  void vggFace2sOwnNamesOfAnSeResNet() {
    assertEquals(
        new TreeSet<>(
            Set.of(
                "conv1_7x7_s2.weight",
                "conv1_7x7_s2_bn.running_mean",
                "conv2_1_1x1_reduce.weight",
                "conv2_1_1x1_reduce_bn.weight",
                "conv2_1_3x3.weight",
                "conv2_1_3x3_bn.bias",
                "conv2_1_1x1_increase.weight",
                "conv2_1_1x1_increase_bn.running_var",
                "conv2_1_1x1_down.weight",
                "conv2_1_1x1_down.bias",
                "conv2_1_1x1_up.bias",
                "conv2_1_1x1_proj.weight",
                "conv2_1_1x1_proj_bn.weight",
                "conv2_2_1x1_reduce.weight",
                "conv3_1_1x1_proj.weight")),
        someOf(
            tensors("conv1_7x7_s2.weight"),
            "conv1_7x7_s2.weight",
            "conv1_7x7_s2_bn.running_mean",
            "conv2_1_1x1_reduce.weight",
            "conv2_1_1x1_reduce_bn.weight",
            "conv2_1_3x3.weight",
            "conv2_1_3x3_bn.bias",
            "conv2_1_1x1_increase.weight",
            "conv2_1_1x1_increase_bn.running_var",
            "conv2_1_1x1_down.weight",
            "conv2_1_1x1_down.bias",
            "conv2_1_1x1_up.bias",
            "conv2_1_1x1_proj.weight",
            "conv2_1_1x1_proj_bn.weight",
            "conv2_2_1x1_reduce.weight",
            "conv3_1_1x1_proj.weight"));
  }

  @ParameterizedTest
  @CsvSource({
    "conv1_7x7_s2.weight, conv2_2_1x1_down.bias, classifier.weight",
    "conv1.weight, layer1.1.conv4.bias, fc.weight",
    "layer0.conv1.weight, layer1.1.se_module.fc1.bias, last_linear.weight"
  })
  void everyLayoutOfAnSeResNetIsLoadedWholeButForItsClassifier(
      String stem, String gate, String classifier) {
    ComputationGraph graph = SeResNetGraph.build(TINY_SE, SMALL, 1);
    TensorNaming naming = seNaming(stem);
    Map<String, List<Long>> shapes = ExpectedTensors.of(graph, naming);
    assertTrue(shapes.containsKey(stem) && shapes.containsKey(gate), shapes.keySet().toString());
    shapes.put(classifier, List.of(7L, 128L));
    shapes.put(stem.replace("weight", "num_batches_tracked"), List.of());
    WeightLoader.Loaded loaded = WeightLoader.apply(graph, new FormulaWeights(shapes), naming);
    assertEquals(shapes.size() - 2, loaded.tensors());
    assertTrue(loaded.leftOut().contains(classifier));
    assertEquals(
        new FormulaWeights(shapes).values(gate)[1],
        graph.getLayer("layer1.1.se_module.fc1").getParam("b").getFloat(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s/%s/kernel:0 %s/%s/bias:0",
        "%s/%s_1/kernel:0 %s/%s_1/bias:0",
        "%s/%s_W:0 %s/%s_b:0",
        "%s/%s_W_1:0 %s/%s_b_1:0",
        "model_weights/%s/%s/kernel:0 model_weights/%s/%s/bias:0",
        "/%s/kernel /%s/bias",
        "%s_1/kernel %s_1/bias",
        "%s_W_1 %s_b_1"
      })
  void kerasWeightsOfVggFaceComputeTheSameAsPyTorchs(String patterns) {
    VggFaceConfig config = new VggFaceConfig(VggFeatures.FC7, Optional.empty(), Optional.empty());
    VggPlan plan = config.plan().narrow(32);
    // 2x2 planes, so that their order when flattened matters.
    Preprocessing input = Golden.plain(64, 64);
    ComputationGraph torch = VggGraph.build(plan, input, 1);
    Map<String, List<Long>> shapes = ExpectedTensors.of(torch, config.naming(Map.of()));
    assertTrue(shapes.containsKey("conv5_3.weight") && shapes.containsKey("fc7.bias"));
    shapes.put("fc8.weight", List.of(5L, 128L));
    FormulaWeights weights = new FormulaWeights(shapes);
    WeightLoader.apply(torch, weights, config.naming(shapes));

    StateDictionary keras = new KerasFile(weights, patterns.split(" "), 4);
    ComputationGraph loaded = VggGraph.build(plan, input, 2);
    WeightLoader.Loaded what = WeightLoader.apply(loaded, keras, config.naming(keras.shapes()));
    assertEquals(30, what.tensors());
    assertEquals(1, what.leftOut().size());

    INDArray images = Nd4j.create(FormulaWeights.images(2, 64, 64), new long[] {2, 3, 64, 64}, 'c');
    assertEquals(torch.outputSingle(false, images), loaded.outputSingle(false, images));
  }

  @Test
  void theDefaultInputOfVggFaceFollowsTheFormatOfItsFile() {
    assertEquals(ColorOrder.RGB, vggFace("vgg_face_dag.pth").input().colorOrder());
    assertEquals(List.of(129.1863, 104.7624, 93.594), vggFace("vgg_face_dag.pth").input().mean());
    assertEquals(ColorOrder.BGR, vggFace("rcmalli_vggface_tf_vgg16.h5").input().colorOrder());
    assertEquals(List.of(93.594, 104.7624, 129.1863), vggFace("a.H5").input().mean());
  }

  @Test
  void pooledFeaturesLeaveTheFullyConnectedLayersOut() {
    VggConfig pooled =
        new VggConfig(16, true, VggFeatures.POOLED, Optional.empty(), Optional.empty());
    VggConfig whole = new VggConfig(16, true, VggFeatures.FC7, Optional.empty(), Optional.empty());
    for (String layer : List.of("classifier.0", "classifier.3", "classifier.6")) {
      assertTrue(pooled.naming(Map.of()).leftOut(layer + ".weight"));
      assertEquals(layer.equals("classifier.6"), whole.naming(Map.of()).leftOut(layer + ".weight"));
    }
    assertFalse(pooled.naming(Map.of()).leftOut("features.0.weight"));
    assertEquals(112, pooled.input().widthPixels());
    assertEquals(224, whole.input().widthPixels());
  }

  @Test
  void googLeNetLeavesItsThreeClassifiersOut() {
    TensorNaming naming = new GoogLeNetConfig(Optional.empty(), Optional.empty()).naming(Map.of());
    for (String tensor : List.of("fc.bias", "aux1.conv.bn.weight", "aux2.fc1.weight")) {
      assertTrue(naming.leftOut(tensor), tensor);
    }
    assertFalse(naming.leftOut("inception4a.branch1.conv.weight"));
  }

  private static VggFaceConfig vggFace(String file) {
    return new VggFaceConfig(VggFeatures.FC7, Optional.of(Path.of(file)), Optional.empty());
  }

  private static TensorNaming seNaming(String stem) {
    return new SeResNetConfig(50, Optional.empty(), Optional.empty())
        .naming(Map.of(stem, List.of(64L, 3L, 7L, 7L)));
  }

  private static Set<String> tensors(String stem) {
    return ExpectedTensors.of(SeResNetGraph.build(TINY_SE, SMALL, 1), seNaming(stem)).keySet();
  }

  private static Set<String> someOf(Set<String> all, String... wanted) {
    Set<String> found = new LinkedHashSet<>(all);
    found.retainAll(Set.of(wanted));
    return new TreeSet<>(found);
  }

  /** The tensors of a PyTorch file with Keras' names and order of axes. */
  private static final class KerasFile implements StateDictionary {
    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();

    /**
     * @param patterns of weights and biases, with the layer's name once or twice
     * @param planes pixels of the planes that are flattened for {@code fc6}
     */
    KerasFile(StateDictionary torch, String[] patterns, int planes) {
      torch
          .shapes()
          .forEach(
              (name, shape) -> {
                String layer = name.substring(0, name.indexOf('.'));
                String renamed =
                    String.format(patterns[name.endsWith("weight") ? 0 : 1], layer, layer);
                INDArray from = Nd4j.createFromArray(torch.values(name));
                INDArray to = from;
                if (shape.size() == 4) {
                  to = from.reshape('c', shapeOf(shape)).permute(2, 3, 1, 0);
                } else if (shape.size() == 2 && layer.equals("fc6")) {
                  long out = shape.get(0);
                  long channels = shape.get(1) / planes;
                  to =
                      from.reshape('c', out, channels, planes)
                          .permute(2, 1, 0)
                          .dup('c')
                          .reshape('c', planes * channels, out);
                } else if (shape.size() == 2) {
                  to = from.reshape('c', shapeOf(shape)).permute(1, 0);
                }
                List<Long> newShape = LongStream.of(to.shape()).boxed().toList();
                shapes.put(renamed, newShape);
                values.put(renamed, to.dup('c').data().asFloat());
              });
    }

    private static long[] shapeOf(List<Long> shape) {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public String origin() {
      return "keras";
    }

    @Override
    public Map<String, List<Long>> shapes() {
      return shapes;
    }

    @Override
    public float[] values(String name) {
      return values.get(name);
    }
  }
}
