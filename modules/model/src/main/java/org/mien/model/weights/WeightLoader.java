package org.mien.model.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.DataException;
import org.mien.model.weights.TensorNaming.Layout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the tensors of a file into a graph, every one to its place: nothing may be missing, left
 * over or of another shape, except what the {@link TensorNaming} leaves out on purpose.
 *
 * <p>A file that says how it names its tensors ({@link StateDictionary#naming()}) is taken at its
 * word. Where the graph's tensors are not there under their own names but all of them, in their
 * shapes, under one prefix ({@code backbone.} beside a {@code head.}, say), those are taken and
 * whatever has another prefix is left out; the log says so. Where that holds for two prefixes, a
 * student's and a teacher's for example, it is an error, for nothing tells which is meant.
 */
public final class WeightLoader {
  private static final Logger LOG = LoggerFactory.getLogger(WeightLoader.class);
  private static final int NAMES_SHOWN = 5;

  /**
   * What was loaded.
   *
   * @param tensors number of tensors that are now in the graph
   * @param numbers how many numbers they have together
   * @param leftOut names of the tensors that the graph has no place for, on purpose
   */
  public record Loaded(int tensors, long numbers, List<String> leftOut) {
    public Loaded {
      leftOut = List.copyOf(leftOut);
    }
  }

  private final StateDictionary weights;
  private final TensorNaming naming;
  private final Map<String, LayerParameter> targets = new LinkedHashMap<>();

  private WeightLoader(ComputationGraph graph, StateDictionary weights, TensorNaming naming) {
    this.weights = weights;
    this.naming = naming;
    for (LayerParameter parameter : LayerParameter.of(graph, naming.layout())) {
      name(parameter)
          .ifPresent(
              tensor -> {
                if (targets.put(tensor, parameter) != null) {
                  throw new IllegalStateException("two parameters want the tensor " + tensor);
                }
              });
    }
  }

  private Optional<String> name(LayerParameter parameter) {
    if (parameter.role().isPresent()) {
      return naming.tensor(parameter.layer(), parameter.role().get());
    }
    if (naming.layout() == Layout.DEEPLEARNING4J) {
      return Optional.of(parameter.layer() + "/" + parameter.key());
    }
    throw new IllegalStateException(
        String.format(
            "layer %s: where a file keeps its parameter %s is not known",
            parameter.layer(), parameter.key()));
  }

  /**
   * Copies every tensor to its place.
   *
   * @param naming the network's names for this file, unless the file has its own
   * @throws DataException if a tensor is missing, left over or of another shape, with a table of
   *     what did not fit; the graph is then unchanged. If a tensor cannot be read or holds a number
   *     that is not finite; the graph may then be changed in part
   */
  public static Loaded apply(ComputationGraph graph, StateDictionary weights, TensorNaming naming) {
    return new WeightLoader(graph, weights, weights.naming().orElse(naming)).load();
  }

  private Loaded load() {
    Map<String, List<Long>> all = weights.shapes();
    String prefix = prefix(all);
    StateDictionary source = prefix.isEmpty() ? weights : new PrefixedWeights(weights, prefix);
    Map<String, List<Long>> shapes = source.shapes();
    Misfits misfits = new Misfits(targets, shapes, naming::leftOut);
    if (!misfits.none()) {
      throw DataException.in(weights.origin(), misfits.describe());
    }
    long numbers = 0;
    for (Map.Entry<String, LayerParameter> target : targets.entrySet()) {
      float[] values = source.values(target.getKey());
      requireFinite(prefix + target.getKey(), values);
      target.getValue().assign(values);
      numbers += values.length;
      LOG.debug(
          "{}: {} {} -> layer {}, {}",
          weights.origin(),
          prefix + target.getKey(),
          target.getValue().shape(),
          target.getValue().layer(),
          target.getValue().key());
    }
    List<String> leftOut =
        all.keySet().stream()
            .filter(
                name -> !name.startsWith(prefix) || naming.leftOut(name.substring(prefix.length())))
            .toList();
    LOG.info(
        "{}: {} tensors of {} numbers loaded{}, {} left out on purpose{}",
        weights.origin(),
        targets.size(),
        String.format(Locale.ROOT, "%,d", numbers),
        prefix.isEmpty() ? "" : " from under '" + prefix + "'",
        leftOut.size(),
        shown(leftOut));
    return new Loaded(targets.size(), numbers, leftOut);
  }

  private static String shown(List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String more = names.size() > NAMES_SHOWN ? ", ..." : "";
    return names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", ", ": ", more));
  }

  private void requireFinite(String name, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw DataException.in(
            weights.origin(),
            String.format(
                "'%s' holds %s as number %d; expected finite numbers. Was the training that wrote"
                    + " it diverging?",
                name, values[i], i));
      }
    }
  }

  /** The one prefix under which every tensor of the graph is found; empty if none is needed. */
  private String prefix(Map<String, List<Long>> found) {
    if (targets.isEmpty() || fits(found, "")) {
      return "";
    }
    String first = targets.keySet().iterator().next();
    List<String> prefixes =
        found.keySet().stream()
            .filter(name -> name.endsWith(first) && name.length() > first.length())
            .map(name -> name.substring(0, name.length() - first.length()))
            .filter(prefix -> fits(found, prefix))
            .toList();
    if (prefixes.size() > 1) {
      throw DataException.in(
          weights.origin(),
          "holds this network under "
              + prefixes.stream().map(p -> "'" + p + "'").collect(Collectors.joining(" and "))
              + ", and nothing tells which is meant; save the one you mean alone");
    }
    return prefixes.isEmpty() ? "" : prefixes.get(0);
  }

  private boolean fits(Map<String, List<Long>> found, String prefix) {
    Predicate<Map.Entry<String, LayerParameter>> fits =
        target -> target.getValue().fits(found.get(prefix + target.getKey()));
    return targets.entrySet().stream().allMatch(fits);
  }
}
