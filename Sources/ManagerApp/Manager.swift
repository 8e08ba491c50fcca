import TokenKit
