"""Runs the AWS collector of fixinventory-plugin-aws without a core, which its worker needs.

    AWS_ENDPOINT_URL=http://127.0.0.1:5600 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x \
      python fixinventory.py us-east-1,eu-west-1 [account,account,…] [--only ec2_*,vpc*]

Writes how many nodes it collected, and of which kinds, as JSON.
"""

import json
import sys
from collections import Counter
from queue import Queue

from fix_plugin_aws import AWSCollectorPlugin
from fix_plugin_aws.configuration import AwsConfig
from fixlib.config import Config, current_config
from fixlib.core.actions import CoreFeedback


def main() -> None:
    words = [word for word in sys.argv[1:] if word != "--only"]
    only = words.pop().split(",") if "--only" in sys.argv else []
    config = current_config()
    AWSCollectorPlugin.add_config(config)
    config.init_default_config()
    aws: AwsConfig = Config.aws
    aws.region = words[0].split(",")
    aws.collect = only
    aws.fork_process = False
    if len(words) > 1:
        aws.account, aws.role, aws.assume_current = words[1].split(","), "ckworker", True
        aws.do_not_scrape_current = True
    plugin = AWSCollectorPlugin()
    plugin.core_feedback = CoreFeedback("bench", "bench", "bench", Queue())
    plugin.collect()
    kinds = Counter(node.kind for node in plugin.graph.nodes)
    json.dump({"nodes": sum(kinds.values()), "kinds": dict(sorted(kinds.items()))}, sys.stdout)


if __name__ == "__main__":
    main()
