#!/usr/bin/env python3
"""Makes the golden file of the eval module with scikit-learn and SciPy.

Usage: make_eval_golden.py > modules/eval/src/test/resources/org/mien/eval/golden.json
Made with scikit-learn 1.2.1, SciPy 1.10.1 and NumPy 1.24.2 (Debian 12). Scores are random numbers
from a fixed seed, not of any face.
"""

import json
import math
import sys

import numpy as np
import scipy
import sklearn
from scipy import stats
from scipy.interpolate import interp1d
from scipy.optimize import brentq
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    precision_recall_fscore_support,
    roc_auc_score,
    roc_curve,
    top_k_accuracy_score,
)
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import normalize

random = np.random.RandomState(20240917)


def verification(name, genuine, impostor):
    truth = np.r_[np.ones(len(genuine)), np.zeros(len(impostor))]
    scores = np.r_[genuine, impostor]
    fpr, tpr, thresholds = roc_curve(truth, scores, drop_intermediate=False)
    # The way InsightFace and FaceNet find it.
    eer = brentq(lambda x: 1 - x - interp1d(fpr, tpr)(x), 0, 1, xtol=1e-15)
    return {
        "name": name,
        "genuine": list(genuine),
        "impostor": list(impostor),
        "far": list(fpr),
        "tar": list(tpr),
        # The first one stands for infinity and differs between versions of scikit-learn.
        "thresholds": list(thresholds[1:]),
        "auc": roc_auc_score(truth, scores),
        "eer": eer,
    }


def folds(name, scores, genuine, fold):
    """Accuracy over folds straight from the definition: every candidate tried on every pair."""
    rows = []
    for test in range(fold.max() + 1):
        s, g = scores[fold != test], genuine[fold != test]
        distinct = np.unique(s)
        candidates = (
            [distinct[0]]
            + [a / 2 + b / 2 for a, b in zip(distinct[:-1], distinct[1:])]
            + [np.nextafter(distinct[-1], np.inf)]
        )
        right = np.array([((s >= c) == g).sum() for c in candidates])
        ties = np.flatnonzero(right == right.max())
        threshold = candidates[ties[len(ties) // 2]]
        s, g = scores[fold == test], genuine[fold == test]
        rows.append(
            {
                "threshold": threshold,
                "trainingAccuracy": right.max() / (fold != test).sum(),
                "accuracy": ((s >= threshold) == g).mean(),
                "far": (s[~g] >= threshold).mean(),
                "tar": (s[g] >= threshold).mean(),
            }
        )
    accuracy = np.array([row["accuracy"] for row in rows])
    low, high = stats.t.interval(
        0.95, len(rows) - 1, loc=accuracy.mean(), scale=stats.sem(accuracy)
    )
    return {
        "name": name,
        "scores": list(scores),
        "genuine": [bool(g) for g in genuine],
        "fold": [int(f) for f in fold],
        "folds": rows,
        "mean": accuracy.mean(),
        "sampleStandardDeviation": np.std(accuracy, ddof=1),
        "populationStandardDeviation": np.std(accuracy),
        "standardError": stats.sem(accuracy),
        "low": max(0.0, low),
        "high": min(1.0, high),
    }


def classification(name, identities, actual, scores):
    predicted = scores.argmax(axis=1)
    averages = {}
    for average in ("macro", "micro", "weighted"):
        p, r, f, _ = precision_recall_fscore_support(
            actual, predicted, average=average, zero_division=0
        )
        averages[average] = {"precision": p, "recall": r, "f1": f}
    labels = list(range(identities))
    p, r, f, s = precision_recall_fscore_support(
        actual, predicted, labels=labels, zero_division=0
    )
    return {
        "name": name,
        "identities": identities,
        "actual": [int(a) for a in actual],
        "scores": scores.astype(float).tolist(),
        "predicted": [int(i) for i in predicted],
        "accuracy": accuracy_score(actual, predicted),
        "averages": averages,
        "precision": list(p),
        "recall": list(r),
        "f1": list(f),
        "confusion": confusion_matrix(actual, predicted, labels=labels).tolist(),
        "top": {
            str(k): top_k_accuracy_score(actual, scores, k=k, labels=labels) for k in (1, 2, 5)
        },
    }


def centroids(identities, dimension, train, test):
    centres = random.randn(identities, dimension)
    labels = np.arange(train) % identities
    features = (centres[labels] + 0.9 * random.randn(train, dimension)).astype(np.float32)
    # Lengths that differ a lot: scaling each feature first matters.
    features *= np.exp(random.randn(train, 1)).astype(np.float32)
    probes = (centres[np.arange(test) % identities] + 1.2 * random.randn(test, dimension)).astype(
        np.float32
    )
    unit = normalize(features.astype(np.float64))
    means = np.stack([unit[labels == i].mean(axis=0) for i in range(identities)])
    predicted = cosine_similarity(probes.astype(np.float64), means).argmax(axis=1)
    return {
        "identities": identities,
        "features": features.astype(float).tolist(),
        "labels": labels.tolist(),
        "probes": probes.astype(float).tolist(),
        "predicted": predicted.tolist(),
    }


def clopper_pearson():
    rows = []
    for successes, trials in [
        (0, 1), (1, 1), (0, 10), (10, 10), (3, 10), (1, 2), (2976, 3000), (3, 3000), (5952, 6000),
        (0, 3000), (3, 15000000), (14999997, 15000000), (123456, 1000000),
    ]:  # fmt: skip
        for confidence in (0.9, 0.95, 0.99):
            tail = (1 - confidence) / 2
            low = 0.0 if successes == 0 else stats.beta.ppf(tail, successes, trials - successes + 1)
            high = (
                1.0
                if successes == trials
                else stats.beta.ppf(1 - tail, successes + 1, trials - successes)
            )
            rows.append(
                {
                    "successes": successes,
                    "trials": trials,
                    "confidence": confidence,
                    "low": low,
                    "high": high,
                }
            )
    return rows


def kfold_case(count, folds_count, decimals):
    genuine = np.arange(count) % 2 == 0
    scores = np.round(random.randn(count) + 1.5 * genuine, decimals) + 0.0
    return scores, genuine, (np.arange(count) * folds_count) // count


def logits(count, identities, noise, absent=(), never=()):
    actual = random.choice([i for i in range(identities) if i not in absent], count)
    scores = noise * random.randn(count, identities)
    scores[np.arange(count), actual] += 1.5
    for identity in never:
        scores[:, identity] -= 100
    return actual, scores.astype(np.float32)


golden = {
    "made with": {
        "scikit-learn": sklearn.__version__,
        "scipy": scipy.__version__,
        "numpy": np.__version__,
    },
    "verification": [
        verification("distinct", random.randn(35) + 1.2, random.randn(60)),
        verification(
            "heavy ties",
            np.round(random.randn(70) + 1, 0) + 0.0,
            np.round(random.randn(90), 0) + 0.0,
        ),
        verification(
            "some ties", np.round(random.randn(50) + 2, 1) + 0.0, np.round(random.randn(80), 1) + 0.0
        ),
        verification("all equal", np.full(5, 0.25), np.full(7, 0.25)),
        verification("separated", np.array([0.7, 0.8, 0.9]), np.array([-0.1, 0.2, 0.2, 0.3])),
        verification("reversed", np.array([-0.7, -0.8]), np.array([0.1, 0.2, 0.2])),
        verification("one of each", np.array([0.5]), np.array([0.25])),
    ],
    "folds": [
        folds("distinct", *kfold_case(120, 10, 12)),
        folds("ties", *kfold_case(90, 5, 1)),
        folds("heavy ties", *kfold_case(60, 3, 0)),
    ],
    "classification": [
        classification("balanced noise", 8, *logits(90, 8, 1.0)),
        classification(
            "absent and never predicted", 9, *logits(80, 9, 1.1, absent=(2, 5), never=(5, 7))
        ),
        classification("all right", 6, *logits(30, 6, 0.01)),
    ],
    "centroids": centroids(7, 6, 35, 40),
    "clopperPearson": clopper_pearson(),
    "normalDeviates": [
        {"rate": rate, "deviate": stats.norm.ppf(rate)}
        for rate in (1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 0.25, 0.5, 0.6, 0.9, 0.99, 0.999999)
    ],
}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.floating):
        value = float(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a JSON number")
    return value


json.dump(plain(golden), sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
