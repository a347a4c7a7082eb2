/**
 * Members that hold secrets, or what people put secrets into, although the SDK does not mark them:
 * `service.Structure.Member`.
 */
export const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  "cloudformation.Parameter.ParameterValue",
  "cloudformation.Parameter.ResolvedValue",
  "ec2.AttributeValue.Value",
  "ec2.LaunchTemplateData.UserData",
  "ec2.ResponseLaunchTemplateData.UserData",
  "ec2.VpnConnection.CustomerGatewayConfiguration",
  "auto-scaling.LaunchConfiguration.UserData",
  "elbv2.AuthenticateOidcActionConfig.ClientSecret",
  "rds.PendingModifiedValues.MasterUserPassword",
]);
