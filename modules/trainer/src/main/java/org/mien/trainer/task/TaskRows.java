package org.mien.trainer.task;

import org.mien.trainer.loop.TrainingRows;

/** Rows with the labels of further tasks. */
final class TaskRows implements TrainingRows {
  private final TrainingRows rows;
  private final int[][] labels;

  /**
   * @param labels {@code (tasks, rows)}
   */
  TaskRows(TrainingRows rows, int[][] labels) {
    this.rows = rows;
    this.labels = labels;
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public long[] shape() {
    return rows.shape();
  }

  @Override
  public String name(int row) {
    return rows.name(row);
  }

  @Override
  public int label(int row) {
    return rows.label(row);
  }

  @Override
  public int tasks() {
    return labels.length;
  }

  @Override
  public int taskLabel(int task, int row) {
    return labels[task][row];
  }

  @Override
  public float[] read(int epoch, int[] rowNumbers, int from, int count) {
    return rows.read(epoch, rowNumbers, from, count);
  }
}
