public import TokenKit
