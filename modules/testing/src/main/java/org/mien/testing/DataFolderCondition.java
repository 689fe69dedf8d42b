package org.mien.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a {@link DataTest} where there is no data folder, and says so. */
final class DataFolderCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Path folder = DataFolder.path();
    if (Files.isDirectory(folder.resolve("data"))) {
      return ConditionEvaluationResult.enabled("found " + folder);
    }
    String reason = "no data folder at " + folder + "; set MIEN_DATA to run this test";
    System.out.println("SKIPPED " + context.getDisplayName() + ": " + reason);
    return ConditionEvaluationResult.disabled(reason);
  }
}
