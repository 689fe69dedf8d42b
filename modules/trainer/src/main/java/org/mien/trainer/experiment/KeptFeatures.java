package org.mien.trainer.experiment;

import java.util.List;
import java.util.function.Supplier;
import org.mien.trainer.feature.FeatureTable;

/**
 * The features of the backbone that was asked for last, in memory, for the candidates of a search
 * that share it: reading and hashing every image again takes longer than training many a head.
 */
final class KeptFeatures {
  private List<Object> key = List.of();
  private FeatureTable table;

  /**
   * Returns the features that a recipe asks for: those kept, or newly made ones, while other
   * threads wait.
   *
   * @param make makes them; asked only where the recipe's faces or backbone are other ones than
   *     before
   */
  synchronized FeatureTable of(ExperimentConfig recipe, Supplier<FeatureTable> make) {
    List<Object> wanted =
        List.of(
            recipe.seed(),
            recipe.data().source(),
            recipe.data().alignment(),
            recipe.data().decoding(),
            recipe.data().split(),
            recipe.data().strict(),
            recipe.model().backbone(),
            recipe.model().engine());
    if (!wanted.equals(key)) {
      table = make.get();
      key = wanted;
    }
    return table;
  }
}
