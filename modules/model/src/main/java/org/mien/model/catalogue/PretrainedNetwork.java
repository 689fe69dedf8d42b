package org.mien.model.catalogue;

import org.mien.core.config.Setting;

/**
 * One of the field's pretrained networks.
 *
 * @param name by which it is asked for
 * @param network what people call it
 * @param trainedOn data set
 * @param origin page or package it comes from
 * @param file what to fetch there
 * @param terms of use
 * @param input contract
 * @param dimension length of its vectors
 * @param published figures of its authors
 * @param recipe the value of {@code model.backbone} in a recipe, with {@value #FILE} for the file
 * @param verified what was checked, and against what
 * @param unverified what was not checked
 */
public record PretrainedNetwork(
    @Setting("Name by which it is asked for.") String name,
    @Setting("What people call the network.") String network,
    @Setting("Data set it was trained on.") String trainedOn,
    @Setting("Page or package it comes from.") String origin,
    @Setting("What to fetch there.") String file,
    @Setting("Terms of use.") String terms,
    @Setting("Size, colour order, mean, std and alignment of its input.") String input,
    @Setting(value = "Length of its vectors.", min = 1, max = 65536) int dimension,
    @Setting("Figures of its authors.") String published,
    @Setting("model.backbone of a recipe, with FILE for the local file.") String recipe,
    @Setting("What was checked, and against what.") String verified,
    @Setting("What was not checked.") String unverified) {

  /** Stands for the local file in {@link #recipe()}. */
  public static final String FILE = "FILE";

  public PretrainedNetwork {
    if (!recipe.contains(FILE)) {
      throw new IllegalArgumentException("expected " + FILE + " in the recipe, was " + recipe);
    }
  }

  /** The value of {@code model.backbone} for a file that is here. */
  public String recipeFor(String localFile) {
    // In single quotes nothing but the quote itself means anything to YAML.
    return recipe.replace(FILE, "'" + localFile.replace("'", "''") + "'");
  }
}
